import type { CredentialStore } from '../../credentials.ts';
import type { Service } from '../../service.ts';
import { stsModel } from './model.ts';
import {
  assumeRole,
  getAccessKeyInfo,
  getCallerIdentity,
  getFederationToken,
  getSessionToken,
  type StsState,
} from './operations.ts';

/**
 * AWS Security Token Service: who signs, and temporary credentials.
 *
 * @param dependencies `credentials` is where issued key pairs go, so that the gateway accepts them
 */
export function createStsService(dependencies: { readonly credentials: CredentialStore }): Service<StsState> {
  // Credentials are valid in every region, so there is one state for all.
  const state: StsState = { credentials: dependencies.credentials, issued: new Set() };
  return {
    model: stsModel,
    operations: {
      AssumeRole: assumeRole,
      GetAccessKeyInfo: getAccessKeyInfo,
      GetCallerIdentity: getCallerIdentity,
      GetFederationToken: getFederationToken,
      GetSessionToken: getSessionToken,
    },
    state: () => state,
    reset() {
      for (const accessKeyId of state.issued) state.credentials.revoke(accessKeyId);
      state.issued.clear();
      return Promise.resolve();
    },
  };
}
