// The simulator's HTTP API and its stream of events.

export class Refused extends Error {}

export async function post(path, body = {}, method = 'POST') {
  let answer;
  try {
    answer = await fetch(path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  } catch {
    throw new Refused('');
  }
  const text = await answer.text();
  let value = {};
  try { value = JSON.parse(text); } catch { /* an empty answer */ }
  if (!answer.ok) throw new Refused(value.error ?? `${answer.status}`);
  return value;
}

// act does one deed of a person.
export const act = (person, action, body) => post(`/sim/${encodeURIComponent(person)}/${action}`, body);

// get gives null for what is not there.
export async function get(path) {
  const answer = await fetch(path, { headers: { Accept: 'application/json' } });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Refused(`${answer.status}`);
  return answer.json();
}

const kinds = ['message', 'chat', 'press', 'call', 'clock', 'commands', 'profile', 'reset'];

// listen follows the events after a number, and goes on there after a break:
// the browser repeats the last number that it has seen, and where it gives up
// a new stream begins from it.
export function listen(after, handle, status) {
  let last = after;
  let source = null;
  const open = () => {
    source = new EventSource('/sim/events?after=' + last);
    source.onopen = () => status(true);
    source.onerror = () => {
      status(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(open, 1500);
    };
    for (const kind of kinds) {
      source.addEventListener(kind, (event) => {
        if (event.data === undefined) return; // an error of the stream itself
        last = event.lastEventId;
        handle(kind, JSON.parse(event.data));
      });
    }
  };
  open();
}
