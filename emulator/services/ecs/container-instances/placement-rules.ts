import type { PlacementConstraint, PlacementStrategy } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { parseQuery } from './query-language.ts';

/**
 * Checks placement constraints, of a task definition and of a call together: at most ten, each memberOf
 * with an expression that parses (at most 2000 characters), each distinctInstance without one.
 *
 * Source: ECS API reference, PlacementConstraint and RunTask.
 *
 * @throws AwsError InvalidParameterException
 */
export function validateConstraints(constraints: readonly PlacementConstraint[]): void {
  if (constraints.length > 10) throw invalidParameter('Maximum number of constraints is 10.');
  for (const { type, expression } of constraints) {
    if (type === 'distinctInstance') {
      if (expression !== undefined) throw invalidParameter('distinctInstance expression should not be specified.');
    } else if (type === 'memberOf') {
      if (expression === undefined || expression === '')
        throw invalidParameter('memberOf expression must be specified.');
      if (expression.length > 2000) throw invalidParameter('memberOf expression cannot exceed 2000 characters.');
      parseQuery(expression);
    } else {
      throw invalidParameter('Placement constraint type should be one of [distinctInstance, memberOf].');
    }
  }
}

/**
 * Checks placement strategies: at most five, each with a field that its type takes; `random` uses none.
 *
 * Source: ECS API reference, PlacementStrategy and RunTask.
 *
 * @throws AwsError InvalidParameterException
 */
export function validateStrategies(strategies: readonly PlacementStrategy[]): void {
  if (strategies.length > 5) throw invalidParameter('Maximum number of strategies is 5.');
  for (const { type, field } of strategies) {
    if (type === 'binpack') {
      if (!/^(?:cpu|memory)$/i.test(field ?? '')) {
        throw invalidParameter(`binpack field '${field ?? ''}' is invalid.`);
      }
    } else if (type === 'spread') {
      if (!/^(?:instanceId|host|attribute:[\w./\\-]{1,128})$/i.test(field ?? '')) {
        throw invalidParameter(`spread field '${field ?? ''}' is invalid.`);
      }
    } else if (type !== 'random') {
      throw invalidParameter('Placement strategy type should be one of [random, spread, binpack].');
    }
  }
}
