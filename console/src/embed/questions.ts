import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ask } from "./ask.ts";
import type { Calendars, Contacts, Panel, Today } from "./shapes.ts";

/** While somebody looks, what changes at the desk is seen soon. */
const AGAIN_MS = 30_000;
const FOUND_AT_ONCE = "12";
const TYPING_MS = 200;

/** What one contact has. */
export function usePanel(contact_id: string) {
  return useQuery({
    queryKey: ["panel", contact_id],
    queryFn: ({ signal }) => ask<Panel>(`/contacts/${encodeURIComponent(contact_id)}/panel`, {}, signal),
    refetchInterval: AGAIN_MS,
  });
}

/** The bookings of the location's day, a page after the other. */
export function useToday() {
  return useInfiniteQuery({
    queryKey: ["today"],
    queryFn: ({ signal, pageParam }) =>
      ask<Today>("/today", { limit: "100", ...(pageParam !== null && { cursor: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    refetchInterval: AGAIN_MS,
  });
}

/** Whose name, address, number or id begins so; nothing typed is no question. */
export function useFound(typed: string) {
  const search = useSettled(typed.trim());
  const found = useQuery({
    queryKey: ["contacts", search],
    queryFn: ({ signal }) => ask<Contacts>("/contacts", { search, limit: FOUND_AT_ONCE }, signal),
    enabled: search !== "",
    placeholderData: keepPreviousData,
  });
  return { search, found };
}

/** What the calendars are called; nobody waits for it. */
export function useCalendarName(): (calendar_id: string | null) => string | null {
  const { data } = useQuery({
    queryKey: ["calendars"],
    queryFn: ({ signal }) => ask<Calendars>("/calendars", {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return (calendar_id) => data?.calendars.find((one) => one.calendar_id === calendar_id)?.name ?? null;
}

/** What was typed, once the typing rests. */
function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const resting = setTimeout(() => {
      setSettled(typed);
    }, TYPING_MS);
    return () => {
      clearTimeout(resting);
    };
  }, [typed]);
  return typed === "" ? "" : settled;
}
