import { createContext } from "react";

/** Whether a page with a heading of its own stands around; what stands alone is the page, and has its first heading. */
export const InPage = createContext(false);
