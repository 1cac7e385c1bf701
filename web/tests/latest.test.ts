import assert from "node:assert/strict";
import { test } from "node:test";
import { Latest } from "../src/latest";

/** Calls that are answered by hand, in order. */
function byHand() {
  const made: number[] = [];
  const answers: { done: (value: string) => void; failed: (why: Error) => void }[] = [];
  const latest = new Latest((x: number) => {
    made.push(x);
    return new Promise<string>((done, failed) => answers.push({ done, failed }));
  });
  return { latest, made, answers };
}
const turn = () => new Promise((done) => setTimeout(done, 0));

test("of calls that wait only the newest is made, and all that waited get its result", async () => {
  const { latest, made, answers } = byHand();
  const first = latest.call(1);
  const waited = [latest.call(2), latest.call(3), latest.call(4)];
  assert.deepEqual(made, [1]);
  answers[0].done("one");
  assert.equal(await first, "one");
  await turn();
  assert.deepEqual(made, [1, 4]);
  answers[1].done("four");
  assert.deepEqual(await Promise.all(waited), ["four", "four", "four"]);
});

test("a call that comes while the waiting one is made waits for the next turn", async () => {
  const { latest, made, answers } = byHand();
  void latest.call(1);
  void latest.call(2);
  answers[0].done("one");
  await turn();
  const third = latest.call(3);
  assert.deepEqual(made, [1, 2]);
  answers[1].done("two");
  await turn();
  answers[2].done("three");
  assert.equal(await third, "three");
});

test("a failure is that of its own call alone", async () => {
  const { latest, made, answers } = byHand();
  const first = latest.call(1);
  const second = latest.call(2);
  answers[0].failed(new Error("no"));
  await assert.rejects(first, /no/);
  await turn();
  answers[1].done("two");
  assert.equal(await second, "two");
  await latestIdle(latest, made, answers);
});

async function latestIdle(latest: Latest<[number], string>, made: number[], answers: { done: (value: string) => void }[]) {
  const again = latest.call(9);
  assert.equal(made.at(-1), 9);
  answers.at(-1)!.done("nine");
  assert.equal(await again, "nine");
}
