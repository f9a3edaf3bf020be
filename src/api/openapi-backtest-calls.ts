/**
 * Described: backtests, a configuration tried on past attempts.
 */
import { BODY_PROBLEMS, type DescribedCall, MANAGED_PROBLEMS } from './openapi-call.ts';

const none = { attempts: 0, stopped: 0, blocked: 0, challenged: 0 };

export const backtestCalls: readonly DescribedCall[] = [
  {
    operationId: 'runBacktest',
    method: 'post',
    path: '/.cordon/v1/merchants/{id}/backtests',
    tag: 'Record',
    summary: 'Try a configuration on past attempts',
    description:
      'Replays what the record holds of the last seven days, or from `from` to `to`, by the engine that serves live traffic, under `config` or the configuration in force. Nothing changes. The oldest come first, 40,000 at most and for twenty seconds at most: `is_complete` says whether that was all. Outcomes count where the attempt gets through; what was refused then has none. The deny and allow lists are as they are now, each item until its own end; leases from when they were made; imported tables as they are. E-mails, devices, sessions, routes and what providers said are not in the record: rules about them find nothing, and `not_replayed` says which of these the configuration asks for. With `suggestions` each velocity rule is also tried with other limits. For files of any size there is `npm run backtest`.',
    who: ['manage'],
    fill: { id: 'acme' },
    request: {
      schema: 'BacktestRequest',
      example: {
        config: { card_testing_guard_config: { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 2 } },
        from: '2026-11-15T00:00:00Z',
        to: '2026-11-22T00:00:00Z',
        suggestions: ['card_ip'],
      },
    },
    answers: [
      {
        status: 200,
        description: 'What would have been.',
        schema: 'Backtest',
        examples: {
          tried: {
            config_version: '0018d0e3719db199fb628fd385e55c0f',
            recorded: { allow: 41, review: 0, challenge: 0, block: 1 },
            unreadable: 0,
            not_replayed: ['providers'],
            attempts: 42,
            from: '2026-11-15T08:00:00.000Z',
            to: '2026-11-21T22:10:00.000Z',
            decisions: { allow: 38, review: 0, challenge: 0, block: 4 },
            would_be: { allow: 38, review: 0, challenge: 0, block: 4 },
            blocks_by_rule: { 'velocity:card_ip': 4 },
            challenges_by_rule: {},
            reviews_by_rule: {},
            challenges: { asked: 0, passed: 0, passed_by: {} },
            failures: { attempts: 9, stopped: 3, blocked: 3, challenged: 0 },
            successes: { attempts: 32, stopped: 0, blocked: 0, challenged: 0 },
            others: { ...none, attempts: 1, stopped: 1, blocked: 1 },
            amounts: { EUR: { through: 134_310, failures_stopped: 450, successes_stopped: 0 } },
            is_complete: true,
            limits: [
              {
                rule: 'card_ip',
                limit: 1,
                is_written: false,
                failures: { attempts: 9, stopped: 6, blocked: 6, challenged: 0 },
                successes: { attempts: 32, stopped: 3, blocked: 3, challenged: 0 },
              },
              {
                rule: 'card_ip',
                limit: 2,
                is_written: true,
                failures: { attempts: 9, stopped: 3, blocked: 3, challenged: 0 },
                successes: { attempts: 32, stopped: 0, blocked: 0, challenged: 0 },
              },
            ],
            suggestions: [{ rule: 'card_ip', written: 2, suggested: 2 }],
          },
        },
      },
    ],
    problems: [...BODY_PROBLEMS, ...MANAGED_PROBLEMS, 'not_found', 'invalid_configuration', 'records_off'],
  },
];
