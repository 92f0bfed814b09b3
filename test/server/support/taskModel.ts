/** A scripted model behind an endpoint, which does in a task what a script says. It must not know front doors. */
import type { Script } from '../../agent/world.ts';
import type { ModelServer } from '../../support/modelServer.ts';

export function play(model: ModelServer, script: Script): void {
  let number = 0;
  model.reply({
    route: 'chat',
    say: ({ body }) => {
      const messages = body['messages'] as readonly { content: string }[];
      const tools = (body['tools'] ?? []) as readonly { function: { name: string } }[];
      const prompt = messages.map(({ content }) => content).join('\n');
      const said = script({
        prompt,
        system: '',
        tools: tools.map(each => each.function.name),
        number: number++,
      });
      return {
        text: said.text ?? '',
        toolCalls: (said.calls ?? []).map(([name, args]) => ({ name, arguments: JSON.stringify(args) })),
      };
    },
  });
}
