import { describe, expect, test } from "vitest";
import { html, jsonCode } from "./html.ts";

describe("markup", () => {
  test("escapes every value, in text and in attributes", () => {
    const evil = `<script>"&'`;
    expect(html`<a title="${evil}">${evil}</a>`.text).toBe(
      '<a title="&lt;script&gt;&quot;&amp;&#39;">&lt;script&gt;&quot;&amp;&#39;</a>',
    );
  });

  test("takes markup as it is, joins lists, and leaves out what is nothing", () => {
    expect(html`${html`<b>${1}</b>`}${["<", html`<i></i>`]}${null}${false}${undefined}`.text).toBe(
      "<b>1</b>&lt;<i></i>",
    );
  });
});

describe("JSON for a person", () => {
  test("is the same JSON under its marks", () => {
    const value = { "a<b": 'x": 1, "</code>', n: -1.5, list: [true, null, {}], empty: "" };
    const text = jsonCode(value).text;
    expect(text).toContain('<span class="k">&quot;a&lt;b&quot;</span>');
    expect(text).not.toContain("</code>");
    const plain = text
      .replaceAll(/<[^>]*>/g, "")
      .replaceAll("&quot;", '"')
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">");
    expect(JSON.parse(plain)).toEqual(value);
  });
});
