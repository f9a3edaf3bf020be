<?php
/**
 * Plugin Name: Payments through Cordon only
 * Description: Refuses every payment that Cordon has not judged, by whatever path it came.
 *
 * A must-use plugin: put it into wp-content/mu-plugins/. WooCommerce takes a classic checkout on any path (the body's
 * woocommerce_checkout_place_order decides) and WordPress takes rest_route from a body too, so that no list of paths is
 * complete. Cordon removes the header Cordon-Evaluation from what clients send and sets it on what it has judged.
 */

defined( 'ABSPATH' ) || exit;

function cordon_has_judged() {
	return 1 === preg_match( '/^ev_[0-9a-f]{32}/', $_SERVER['HTTP_CORDON_EVALUATION'] ?? '' );
}

/** The classic checkout: by AJAX, by the page's form, by any other page's. WooCommerce shows the message. */
function cordon_check_checkout() {
	if ( ! cordon_has_judged() ) {
		throw new Exception( 'This payment cannot be taken here.' );
	}
}
add_action( 'woocommerce_before_checkout_process', 'cordon_check_checkout', 0 );

/** Paying for an order that is there already. */
function cordon_check_pay() {
	if ( ! cordon_has_judged() ) {
		wp_die( 'This payment cannot be taken here.', '', array( 'response' => 403 ) );
	}
}
add_action( 'woocommerce_before_pay_action', 'cordon_check_pay', 0 );

/** Storing a card in an account. */
function cordon_check_payment_method( $is_valid ) {
	return $is_valid && cordon_has_judged();
}
add_filter( 'woocommerce_add_payment_method_form_is_valid', 'cordon_check_payment_method' );

/** The Store API and assistants' checkouts. Runs for each request of a batch as well. */
function cordon_check_rest( $response, $handler, $request ) {
	$pays = 'POST' === $request->get_method()
		&& 1 === preg_match( '#^/wc/(?:store(?:/v1)?/checkout|agentic/v1/checkout_sessions/[^/]+/complete)#i', $request->get_route() );
	if ( ! $pays || cordon_has_judged() ) {
		return $response;
	}
	return new WP_Error( 'payment_refused', 'This payment cannot be taken here.', array( 'status' => 403 ) );
}
add_filter( 'rest_request_before_callbacks', 'cordon_check_rest', 0, 3 );
