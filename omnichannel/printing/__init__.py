"""Paper: letters and registers as PDF, sheets as XLSX and CSV, copies with parts blacked out. A leaf; imports domain only."""
