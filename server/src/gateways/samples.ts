import { SAMPLE_NAMES, sampleDelivery } from "./ghl/sample-delivery.ts";
import { sampleStripeEvent, signSample, stripeSampleNames } from "./stripe/sample-event.ts";

/** Sample webhooks of both providers, for sandboxes. */
export const SAMPLES = {
  ghl: sampleDelivery,
  ghl_names: () => SAMPLE_NAMES,
  stripe: sampleStripeEvent,
  stripe_names: stripeSampleNames,
  signStripe: signSample,
};
