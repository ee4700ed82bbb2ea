import type { PlacementConstraint, PlacementStrategy } from '@aws-sdk/client-ecs';
import { AwsError } from '../../../service.ts';
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
  if (constraints.length > 10) throw invalid('The number of placement constraints cannot exceed 10.');
  for (const { type, expression } of constraints) {
    if (type === 'distinctInstance') {
      if (expression !== undefined) throw invalid('distinctInstance expression should not be specified.');
    } else if (type === 'memberOf') {
      if (expression === undefined || expression === '') throw invalid('memberOf expression must be specified.');
      if (expression.length > 2000) throw invalid('memberOf expression cannot exceed 2000 characters.');
      parseQuery(expression);
    } else {
      throw invalid('Placement constraint type must be one of distinctInstance, memberOf.');
    }
  }
}

/**
 * Checks placement strategies: at most five, each with a field that its type takes.
 *
 * Source: ECS API reference, PlacementStrategy and RunTask.
 *
 * @throws AwsError InvalidParameterException
 */
export function validateStrategies(strategies: readonly PlacementStrategy[]): void {
  if (strategies.length > 5) throw invalid('The number of placement strategies cannot exceed 5.');
  for (const { type, field } of strategies) {
    if (type === 'random') {
      if (field !== undefined) throw invalid('random field should not be specified.');
    } else if (type === 'binpack') {
      if (!/^(?:cpu|memory)$/i.test(field ?? '')) {
        throw invalid(`Invalid field '${field ?? ''}' for the binpack placement strategy: must be cpu or memory.`);
      }
    } else if (type === 'spread') {
      if (!/^(?:instanceId|host|attribute:[\w./\\-]{1,128})$/i.test(field ?? '')) {
        throw invalid(
          `Invalid field '${field ?? ''}' for the spread placement strategy: must be instanceId, host or attribute:<name>.`,
        );
      }
    } else {
      throw invalid('Placement strategy type must be one of random, spread, binpack.');
    }
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
