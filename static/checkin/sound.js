// Three short sounds that differ in pitch and number, so that staff need not look.

const tones = { good: [[880, 0, 0.12], [1320, 0.13, 0.16]], warn: [[520, 0, 0.18], [520, 0.24, 0.18]], bad: [[180, 0, 0.5]] };

let context;

/** Browsers allow sound after a key or touch only; called from one. */
export function wake() {
  context ??= "AudioContext" in window ? new AudioContext() : undefined;
  if (context?.state === "suspended") context.resume().catch(() => {});
}

export function play(tone) {
  navigator.vibrate?.(tone === "good" ? 60 : [120, 60, 120]);
  if (context?.state !== "running") return;
  for (const [pitch, after, length] of tones[tone] ?? []) {
    const [voice, volume] = [context.createOscillator(), context.createGain()];
    const start = context.currentTime + after;
    voice.type = tone === "bad" ? "square" : "sine";
    voice.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + length);
    voice.connect(volume).connect(context.destination);
    voice.start(start);
    voice.stop(start + length);
  }
}
