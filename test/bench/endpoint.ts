/** A scripted model beside the measured server: how the server is told of it, and how it is asked without the server. */
import { Agent, request } from 'node:http';
import type { ModelServer } from '../support/modelServer.ts';

/** The environment of a server that may use this model by itself. */
export function withModel(endpoint: ModelServer): Record<string, string> {
  return {
    OPENAI_BASE_URL: endpoint.baseURL,
    OPENAI_MODEL: 'qwen2.5-coder',
    CODRIVER_PRIVACY_AUTOMATIC: 'allow',
  };
}

/** The same request without us: what the network and the endpoint cost by themselves. */
export function directly(port: number, path: string, body: string): () => Promise<void> {
  const agent = new Agent({ keepAlive: true });
  return () =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      request({ port, host: '127.0.0.1', path, method: 'POST', agent, headers }, response => {
        response.resume().once('end', () => resolve());
      })
        .once('error', reject)
        .end(body);
    });
}
