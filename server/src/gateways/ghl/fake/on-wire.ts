import {
  known,
  type FakeContact,
  type FakeInvoice,
  type FakeLine,
  type FakeLocation,
  type FakeOrder,
  type FakeTransaction,
  type Wire,
} from "./world.ts";

/** Contacts, orders and invoices as webhooks and the API show them. */
export function contactOnWire(contact: FakeContact): Wire {
  return { ...contact, name: nameOf(contact), country: "US", attachments: [] };
}

export function orderOnWire(location: FakeLocation, { lines, ...order }: FakeOrder): Wire {
  const contact = location.contacts.get(order.contactId);
  return {
    ...order,
    altId: location.id,
    altType: "location",
    fulfillmentStatus: "unfulfilled",
    amountSummary: { subtotal: order.amount, discount: 0, tax: 0, shipping: 0 },
    taxSummary: [],
    contactSnapshot: contact ? { ...contact, locationId: location.id } : { id: order.contactId },
    items: lines.map((line) => itemOnWire(location, line)),
  };
}

export function orderRowOnWire(location: FakeLocation, { lines, source, ...order }: FakeOrder): Wire {
  const contact = location.contacts.get(order.contactId);
  return {
    ...order,
    altId: location.id,
    altType: "location",
    contactName: contact ? nameOf(contact) : null,
    contactEmail: contact?.email ?? null,
    totalProducts: lines.length,
    sourceType: source.type,
    sourceSubType: source.subType,
    sourceId: source.id,
    fulfillmentStatus: "unfulfilled",
  };
}

export function invoiceOnWire(location: FakeLocation, { lines, contactId, ...invoice }: FakeInvoice): Wire {
  const contact = location.contacts.get(contactId);
  return {
    ...invoice,
    altId: location.id,
    altType: "location",
    name: "Invoice",
    title: "INVOICE",
    amountDue: invoice.total - invoice.amountPaid,
    contactDetails: {
      id: contactId,
      name: contact ? nameOf(contact) : null,
      email: contact?.email ?? null,
      phoneNo: contact?.phone ?? null,
    },
    invoiceItems: lines.map(({ price_id, quantity }) => {
      const price = known(location.prices.get(price_id), `price ${price_id}`);
      const { product, name, currency, amount } = price;
      return { _id: price_id, productId: product, priceId: price_id, name, currency, amount, qty: quantity, taxes: [] };
    }),
  };
}

export function transactionOnWire(location: FakeLocation, { visible_at, ...transaction }: FakeTransaction): Wire {
  void visible_at;
  const contact = location.contacts.get(transaction.contactId);
  return {
    ...transaction,
    altId: location.id,
    altType: "location",
    contactName: contact ? nameOf(contact) : null,
    contactEmail: contact?.email ?? null,
    paymentProviderType: "stripe",
    paymentProviderConnectedAccount: "612ca676b484b241fef9d962",
    paymentMethod: { card: { brand: "visa", last4: "4242" } },
  };
}

function itemOnWire(location: FakeLocation, { price_id, quantity }: FakeLine): Wire {
  const price = known(location.prices.get(price_id), `price ${price_id}`);
  const product = known(location.products.get(price.product), `product ${price.product}`);
  return {
    name: price.name,
    qty: quantity,
    product: { _id: product._id, name: product.name, taxes: [], variants: [] },
    price: { _id: price._id, name: price.name, type: price.type, currency: price.currency, amount: price.amount },
  };
}

function nameOf({ firstName, lastName }: FakeContact): string {
  return `${firstName} ${lastName}`;
}
