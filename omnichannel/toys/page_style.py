"""The look of the citizens' page: one column on a telephone, two on a desk, dark by preference."""

STYLE = """
:root { color-scheme: light dark; --bg: #eef1f5; --surface: #fff; --text: #17202e; --faint: #566276; --line: #c6cdd8;
  --edge: #7c8798; --accent: #1c5a94; --on-accent: #fff; --mine: #e6f0fa; --theirs: #edf0f5; }
@media (prefers-color-scheme: dark) { :root { --bg: #10151d; --surface: #18202b; --text: #e6ebf2; --faint: #a3b0c2;
  --line: #344053; --edge: #7d8ba1; --accent: #8fc1f0; --on-accent: #0c1a28; --mine: #1d3550; --theirs: #263140; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text); line-height: 1.45;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header, main { max-width: 64rem; margin: 0 auto; padding: 8px 16px; }
h1 { font-size: 1.25rem; margin: 8px 0; } h2 { font-size: 1rem; margin: 8px 0; } h3 { font-size: .75rem; margin: 0; }
h3, small, header p { color: var(--faint); } header p { margin: 0; font-size: .875rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.dua { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); }
section { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 8px 16px 16px; min-width: 0; }
ol, ul { list-style: none; margin: 0; padding: 0; } .kanal li { padding: 8px 0; }
ol { max-height: 40vh; overflow: auto; }
ol a { display: block; padding: 8px; border-radius: 8px; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
ol a:hover { background: var(--theirs); } ol a[aria-current] { background: var(--mine); }
ol span { display: block; font-size: .875rem; color: var(--faint); } ol .kantor { color: var(--accent); }
iframe { width: 100%; height: 45vh; min-height: 14rem; border: 1px solid var(--line); border-radius: 8px; }
.alir { display: flex; flex-direction: column-reverse; gap: 8px; height: 100vh; overflow: auto; }
.alir > p { margin: auto; color: var(--faint); }
article { max-width: 85%; padding: 8px 12px; border-radius: 8px; overflow-wrap: anywhere; }
article p { margin: 4px 0 0; white-space: pre-wrap; } .berkas { display: block; font-size: .875rem; }
.warga { align-self: flex-end; background: var(--mine); } article.kantor { align-self: flex-start; background: var(--surface); border: 1px solid var(--line); }
form { display: grid; gap: 4px; margin-top: 16px; } label { font-size: .875rem; color: var(--faint); margin-top: 4px; }
input, select, textarea, button { font: inherit; width: 100%; min-height: 44px; padding: 8px; border-radius: 8px;
  border: 1px solid var(--edge); background: var(--surface); color: inherit; }
button { margin-top: 8px; background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
@media (min-width: 48rem) { .dua { grid-template-columns: 20rem minmax(0, 1fr); } ol { max-height: 75vh; } }
""".lstrip()
