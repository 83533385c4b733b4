// Clients in JavaScript on the service: `node calls.mjs BASE_URL TOKEN`; prints what they made of the answers.
import { createOpenAI } from "@ai-sdk/openai";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { generateObject, generateText, streamText } from "ai";
import OpenAI from "openai";
import { z } from "zod";

const [, , base, token] = process.argv;
const headers = { "Pratique-Device-Token": token, "Pratique-Locale": "en" };
const text = "The pool is closed on Friday. Bring your own water.";
const messages = [{ role: "user", content: text }];
const found = {};

const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: "none", maxRetries: 0, defaultHeaders: headers });
const plain = await client.chat.completions.create({ model: "summarize", messages });
found.plain = plain.choices[0].message.content;
found.label = plain.pratique.label.visible;
const stream = await client.chat.completions.create({
  model: "summarize",
  messages,
  stream: true,
  stream_options: { include_usage: true },
});
found.streamed = "";
for await (const chunk of stream) {
  found.streamed += chunk.choices[0]?.delta?.content ?? "";
  found.usage = Boolean(chunk.usage);
}
try {
  await client.chat.completions.create({ model: "nothing", messages });
} catch (error) {
  found.error = [error.constructor.name, error.code];
}

const vercel = createOpenAI({ baseURL: `${base}/v1`, apiKey: "none", headers });
const model = vercel.chat("summarize");
found.vercelPlain = (await generateText({ model, prompt: text, maxRetries: 0 })).text;
found.vercelStreamed = "";
for await (const piece of streamText({ model, prompt: text, maxRetries: 0 }).textStream) {
  found.vercelStreamed += piece;
}
found.vercelObject = (
  await generateObject({ model, prompt: text, output: "no-schema", maxRetries: 0 })
).object;
found.vercelFits = z.object({ summary: z.string() }).safeParse(found.vercelObject).success;

await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: base }));
const flags = OpenFeature.getClient();
const here = { targetingKey: "device-1", device_region: "CN", account_region: "CN" };
for (const [name, key, context] of [
  ["on", "summarize.en", here],
  ["abroad", "summarize.en", { ...here, device_region: "US" }],
  ["unknown", "nothing.en", here],
  ["nobody", "summarize.en", { device_region: "CN", account_region: "CN" }],
]) {
  const details = await flags.getBooleanDetails(key, false, context);
  found[name] = {
    value: details.value,
    reason: details.reason,
    error: details.errorCode ?? null,
    metadata: details.flagMetadata,
  };
}
console.log(JSON.stringify(found));
