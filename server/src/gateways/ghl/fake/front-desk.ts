import type { Instant } from "../../../rules/time/local-days.ts";
import type { Deliveries } from "./deliveries.ts";
import { contactOnWire } from "./on-wire.ts";
import { known, type FakeAppointment, type FakeContact, type FakeLocation, type World } from "./world.ts";

const MINUTE: Instant = 60_000;

/** What a studio does with people and appointments. Each command tells what GoHighLevel would tell. */
export class FrontDesk {
  readonly #world: World;
  readonly #deliveries: Deliveries;
  readonly #location: FakeLocation;

  constructor(world: World, deliveries: Deliveries, location: FakeLocation) {
    this.#world = world;
    this.#deliveries = deliveries;
    this.#location = location;
  }

  createContact({
    first_name = "Ada",
    last_name = "Moss",
    email = null,
    phone = null,
  }: { first_name?: string; last_name?: string; email?: string | null; phone?: string | null } = {}): string {
    const now = this.#world.now();
    const contact: FakeContact = {
      id: this.#world.newId(),
      firstName: first_name,
      lastName: last_name,
      email,
      phone,
      tags: [],
      customFields: [],
      dateAdded: now,
      dateUpdated: now,
    };
    this.#location.contacts.set(contact.id, contact);
    this.#tellContact("ContactCreate", contact);
    return contact.id;
  }

  updateContact(contact_id: string, changes: Partial<Omit<FakeContact, "id">>): void {
    const contact = this.#contact(contact_id);
    Object.assign(contact, changes, { dateUpdated: this.#world.now() });
    this.#tellContact("ContactUpdate", contact);
  }

  deleteContact(contact_id: string): void {
    const contact = this.#contact(contact_id);
    this.#location.contacts.delete(contact_id);
    this.#tellContact("ContactDelete", contact);
  }

  /** One contact becomes another. There is no event of it: transactions name the one that was, asking for it finds nothing. */
  mergeContacts({ from, into }: { from: string; into: string }): void {
    const absorbed = this.#contact(from);
    const survivor = this.#contact(into);
    this.#location.contacts.delete(from);
    for (const appointment of this.#location.appointments.values()) {
      if (appointment.contactId === from) appointment.contactId = into;
    }
    for (const transaction of this.#location.transactions.values()) {
      if (transaction.contactId === from) Object.assign(transaction, { contactId: into, mergedFromContactId: from });
    }
    for (const order of this.#location.orders.values()) if (order.contactId === from) order.contactId = into;
    for (const each of this.#location.subscriptions.values()) if (each.contactId === from) each.contactId = into;
    survivor.email ??= absorbed.email;
    survivor.phone ??= absorbed.phone;
    survivor.dateUpdated = this.#world.now();
    this.#tellContact("ContactUpdate", survivor);
  }

  addCalendar(name: string): string {
    const id = this.#world.newId();
    this.#location.calendars.set(id, { id, name });
    return id;
  }

  book({
    contact_id,
    calendar_id,
    starts_at,
    minutes = 60,
    status = "confirmed",
  }: {
    contact_id: string;
    calendar_id: string;
    starts_at: Instant;
    minutes?: number;
    status?: string;
  }): string {
    const now = this.#world.now();
    const calendar = known(this.#location.calendars.get(calendar_id), `calendar ${calendar_id}`);
    const appointment: FakeAppointment = {
      id: this.#world.newId(),
      title: calendar.name,
      calendarId: calendar_id,
      contactId: this.#contact(contact_id).id,
      appointmentStatus: status,
      startTime: new Date(starts_at).toISOString(),
      endTime: new Date(starts_at + minutes * MINUTE).toISOString(),
      dateAdded: now,
      dateUpdated: now,
    };
    this.#location.appointments.set(appointment.id, appointment);
    this.#tellAppointment("AppointmentCreate", appointment);
    return appointment.id;
  }

  move(appointment_id: string, starts_at: Instant): void {
    const { startTime, endTime } = this.#appointment(appointment_id);
    const length = Date.parse(endTime) - Date.parse(startTime);
    this.#change(appointment_id, {
      startTime: new Date(starts_at).toISOString(),
      endTime: new Date(starts_at + length).toISOString(),
    });
  }

  confirm(appointment_id: string): void {
    this.#change(appointment_id, { appointmentStatus: "confirmed" });
  }

  cancel(appointment_id: string): void {
    this.#change(appointment_id, { appointmentStatus: "cancelled" });
  }

  show(appointment_id: string): void {
    this.#change(appointment_id, { appointmentStatus: "showed" });
  }

  noShow(appointment_id: string): void {
    this.#change(appointment_id, { appointmentStatus: "noshow" });
  }

  invalidate(appointment_id: string): void {
    this.#change(appointment_id, { appointmentStatus: "invalid" });
  }

  moveToCalendar(appointment_id: string, calendar_id: string): void {
    this.#change(appointment_id, { calendarId: calendar_id });
  }

  giveToContact(appointment_id: string, contact_id: string): void {
    this.#change(appointment_id, { contactId: this.#contact(contact_id).id });
  }

  deleteAppointment(appointment_id: string): void {
    const appointment = this.#appointment(appointment_id);
    this.#location.appointments.delete(appointment_id);
    this.#tellAppointment("AppointmentDelete", appointment);
  }

  #change(appointment_id: string, changes: Partial<FakeAppointment>): void {
    const appointment = this.#appointment(appointment_id);
    Object.assign(appointment, changes, { dateUpdated: this.#world.now() });
    this.#tellAppointment("AppointmentUpdate", appointment);
  }

  #contact(contact_id: string): FakeContact {
    return known(this.#location.contacts.get(contact_id), `contact ${contact_id}`);
  }

  #appointment(appointment_id: string): FakeAppointment {
    return known(this.#location.appointments.get(appointment_id), `appointment ${appointment_id}`);
  }

  #tellContact(type: string, contact: FakeContact): void {
    this.#deliveries.tell(type, this.#location.id, contactOnWire(contact));
  }

  #tellAppointment(type: string, appointment: FakeAppointment): void {
    this.#deliveries.tell(type, this.#location.id, {
      appointment: { ...appointment, users: [], source: "booking_widget" },
    });
  }
}
