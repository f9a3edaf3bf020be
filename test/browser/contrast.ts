/**
 * How far the words of a page stand out from what is behind them.
 */
import type { Page } from 'playwright-core';

/** WCAG 2.2, 1.4.3. */
export const LEAST_CONTRAST = 4.5;

export interface Coloured {
  readonly text: string;
  readonly colour: string;
  readonly ground: string;
}

/** Every element with words of its own, with the nearest ground that is not see-through. */
export function coloursOf(page: Page): Promise<Coloured[]> {
  return page.evaluate(() => {
    const groundOf = (element: Element | null): string => {
      if (element === null) return 'rgb(255, 255, 255)';
      const { backgroundColor } = getComputedStyle(element);
      return backgroundColor === 'rgba(0, 0, 0, 0)' ? groundOf(element.parentElement) : backgroundColor;
    };
    const hasWords = (element: Element) =>
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '');
    return [...document.body.querySelectorAll('*')].filter(hasWords).map((element) => ({
      text: (element.textContent ?? '').slice(0, 40),
      colour: getComputedStyle(element).color,
      ground: groundOf(element),
    }));
  });
}

export function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2.2, relative luminance. */
export function luminanceOf(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
