/** One delivery of each kind as GoHighLevel sends them: flat, with `type`, `appId`, `timestamp` and `webhookId` beside the facts. */
export const sample_location = "ve9EPM428h8vShlRW1KT";

const envelope = {
  appId: "67b37d6eadff8c15fd3a8e25",
  locationId: sample_location,
  timestamp: "2026-03-02T14:00:02.000Z",
  webhookId: "419185eb-e937-4402-b9b1-1fd4a62fda90",
};

const contact = {
  id: "nmFmQEsNgz6AVpgLVUJ0",
  firstName: "Ada",
  lastName: "Moss",
  name: "Ada Moss",
  email: "ada@example.com",
  phone: "+12125550123",
  tags: ["member"],
  customFields: [{ id: "BcdmQEsNgz6AVpgLVUJ0", value: "7" }],
  dateAdded: "2026-01-05T09:00:00.000Z",
};

const appointment = {
  id: "0007BWpSzSwfiuSl0tR2",
  title: "Morning class",
  calendarId: "BqTwX8QFwXzpegMve9EQ",
  contactId: contact.id,
  appointmentStatus: "confirmed",
  users: [],
  source: "booking_widget",
  startTime: "2026-03-05T09:00:00-05:00",
  endTime: "2026-03-05T10:00:00-05:00",
  dateAdded: "2026-03-02T14:00:00.000Z",
  dateUpdated: "2026-03-02T14:00:00.000Z",
};

const order = {
  _id: "660ed43bfdf9fc05a0de7a40",
  altId: sample_location,
  altType: "location",
  status: "completed",
  contactId: contact.id,
  currency: "USD",
  amount: 150.1,
  liveMode: true,
  source: { type: "funnel", subType: "one_step_order_form", id: "nohc1pPZJlpZTpxJfLCp", name: "Checkout" },
  createdAt: "2026-03-02T13:59:50.000Z",
  updatedAt: "2026-03-02T14:00:00.000Z",
  contactSnapshot: { ...contact, locationId: sample_location },
  items: [
    {
      name: "Ten classes",
      qty: 1,
      product: { _id: "660ed1ff95e1dc88d5b0d346", name: "Class packs", taxes: [], variants: [] },
      price: { _id: "660ed20095e1dcd37bb0d392", name: "Ten classes", type: "one_time", currency: "USD", amount: 150.1 },
    },
  ],
};

const invoice = {
  _id: "6578278e879ad2646715ba9c",
  altId: sample_location,
  altType: "location",
  status: "paid",
  liveMode: true,
  name: "Five classes",
  invoiceNumber: "19",
  currency: "USD",
  contactDetails: { id: contact.id, name: contact.name, email: contact.email, phoneNo: contact.phone },
  invoiceItems: [
    {
      productId: "660ed1ff95e1dc88d5b0d346",
      priceId: "660ed20095e1dcd37bb0d393",
      currency: "USD",
      name: "Five classes",
      qty: 2,
      amount: 19.99,
    },
  ],
  total: 39.98,
  amountPaid: 39.98,
  amountDue: 0,
  createdAt: "2026-03-01T10:00:00.000Z",
  updatedAt: "2026-03-02T14:00:00.000Z",
};

const product = {
  _id: "655b33a82209e60b6adb87a5",
  name: "Class packs",
  productType: "SERVICE",
  createdAt: "2026-01-01T10:00:00.000Z",
  updatedAt: "2026-03-01T10:00:00.000Z",
};

const price = {
  _id: "655b33aa2209e60b6adb87a7",
  product: product._id,
  name: "Monthly",
  currency: "USD",
  amount: 89,
  recurring: { interval: "month", intervalCount: 1 },
  updatedAt: "2026-03-01T10:00:00.000Z",
};

const installation = {
  ...envelope,
  companyId: "GNb7aIv4rQFVb9iwNl5K",
  userId: "Rg6BRRiHh7dS9gJy3W8a",
  companyName: "Agency",
};

/** By the event's name. */
export const sample_events = {
  INSTALL: {
    type: "INSTALL",
    ...installation,
    installType: "Location",
    isWhitelabelCompany: true,
    whitelabelDetails: { domain: "app.agency.example" },
  },
  UNINSTALL: { type: "UNINSTALL", ...envelope },
  AppointmentCreate: { type: "AppointmentCreate", ...envelope, appointment },
  AppointmentUpdate: {
    type: "AppointmentUpdate",
    ...envelope,
    appointment: { ...appointment, appointmentStatus: "showed" },
  },
  AppointmentDelete: { type: "AppointmentDelete", ...envelope, appointment },
  ContactCreate: { type: "ContactCreate", ...envelope, ...contact },
  ContactUpdate: { type: "ContactUpdate", ...envelope, ...contact },
  ContactDelete: { type: "ContactDelete", ...envelope, ...contact },
  OrderCreate: { type: "OrderCreate", ...envelope, ...order, status: "pending" },
  OrderStatusUpdate: { type: "OrderStatusUpdate", ...envelope, ...order },
  InvoicePaid: { type: "InvoicePaid", ...envelope, ...invoice },
  ProductUpdate: { type: "ProductUpdate", ...envelope, ...product },
  PriceCreate: { type: "PriceCreate", ...envelope, ...price, priceType: "recurring" },
  LocationUpdate: {
    ...envelope,
    type: "LocationUpdate",
    id: sample_location,
    companyId: installation.companyId,
    name: "Studio",
  },
  OpportunityCreate: {
    type: "OpportunityCreate",
    ...envelope,
    id: "wWhVuzqpRuOA1ZVWi4FC",
    contactId: contact.id,
    name: "Trial class",
    status: "open",
    monetaryValue: 40,
    pipelineStageId: "e93ba61a-53b3-45e7-985a-c7732dbcdb69",
  },
  NoteCreate: { type: "NoteCreate", ...envelope, id: "noteEsNgz6AVpgLVUJ0", contactId: contact.id, body: "Called" },
} as const satisfies Record<string, Record<string, unknown>>;
