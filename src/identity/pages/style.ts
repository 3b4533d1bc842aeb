/** The style of identity's pages: one small sheet, light and dark, no fonts or images from anywhere. */
export const style = `
:root{--ground:#f4f4f7;--glow:#e4e3fb;--card:#fff;--line:#e3e3ea;--text:#17171f;--soft:#5d5d6c;--accent:#4338ca;--accent-hover:#3730a3;--on-accent:#fff;--tint:#f1f0fd;
--warn:#8a4b00;--warn-tint:#fff5e5;--warn-line:#f5d9a8;--bad:#b3162c;--bad-tint:#fdf0f1;--bad-line:#f3c6cc;--good:#0d7a4f;--field:#fff;--field-line:#c9c9d6;--shadow:0 1px 2px #17171f0a,0 12px 40px #17171f14}
@media(prefers-color-scheme:dark){:root{--ground:#101016;--glow:#1d1b3a;--card:#191921;--line:#2c2c38;--text:#f1f1f6;--soft:#a2a2b3;--accent:#7c74f0;--accent-hover:#938cf5;--on-accent:#0e0d1d;--tint:#232139;
--warn:#f3c06b;--warn-tint:#2b2213;--warn-line:#4d3c1c;--bad:#ff8f9d;--bad-tint:#2d171b;--bad-line:#552a32;--good:#5fd3a3;--field:#121218;--field-line:#3f3f4f;--shadow:0 1px 2px #0006,0 16px 48px #0008}}
*{box-sizing:border-box}
html{background:var(--ground);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-font-smoothing:antialiased}
body{margin:0;min-height:100vh;min-height:100dvh;display:grid;place-items:center;padding:24px 16px;background:radial-gradient(60rem 30rem at 50% -10rem,var(--glow),transparent 70%)}
main{width:100%;max-width:448px;background:var(--card);border:1px solid var(--line);border-radius:20px;box-shadow:var(--shadow);padding:32px}
h1{font-size:1.375rem;line-height:1.3;letter-spacing:-.015em;margin:0 0 6px;font-weight:650;overflow-wrap:anywhere}
h2{font-size:.8125rem;line-height:1.4;margin:0 0 8px;font-weight:600;color:var(--soft)}
p{margin:0 0 12px}
.lead{color:var(--soft);margin-bottom:20px;overflow-wrap:anywhere;text-wrap:pretty}
.lead strong,.who strong{color:var(--text);font-weight:600}
.brand{display:flex;align-items:center;gap:10px;font-weight:650;letter-spacing:-.01em;margin-bottom:28px}
.mark{width:32px;height:32px;display:block;flex:none}
.mark rect{fill:var(--accent)}.mark path{fill:none;stroke:var(--on-accent);stroke-width:3.2;stroke-linecap:round;stroke-linejoin:round}
.pair{display:flex;align-items:center;gap:12px;margin-bottom:20px}
.pair .mark,.app{width:48px;height:48px;border-radius:14px}
.app{display:grid;place-items:center;font-size:1.25rem;font-weight:650;background:var(--tint);color:var(--accent);border:1px solid var(--line);flex:none}
.dots{width:40px;height:2px;flex:none;background:repeating-linear-gradient(90deg,var(--field-line) 0 4px,transparent 4px 9px)}
label{display:block;font-size:.875rem;font-weight:550;margin:0 0 6px}
input[type=email],input[type=password],input[type=text]{width:100%;font:inherit;color:inherit;background:var(--field);border:1px solid var(--field-line);border-radius:11px;padding:11px 13px;margin-bottom:18px}
input:focus-visible,button:focus-visible,a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
input[aria-invalid=true]{border-color:var(--bad)}
button,.button{font:inherit;font-weight:600;border-radius:11px;padding:11px 18px;border:1px solid transparent;cursor:pointer;width:100%}
a.button{display:block;text-align:center;text-decoration:none;overflow-wrap:anywhere}[hidden]{display:none!important}
.primary{background:var(--accent);color:var(--on-accent)}.primary:hover{background:var(--accent-hover)}
.plain{background:transparent;color:var(--text);border-color:var(--field-line)}.plain:hover{background:var(--tint)}
.link{display:inline;width:auto;padding:0;border:0;border-radius:4px;background:none;color:var(--accent);font-weight:550;text-decoration:underline;text-underline-offset:3px}
.help{font-size:.875rem;color:var(--soft);margin:-10px 0 18px}
.or{display:flex;align-items:center;gap:14px;color:var(--soft);font-size:.875rem;margin:18px 0}.or::before,.or::after{content:"";flex:1;border-top:1px solid var(--line)}
.or~a+form:not(.who){margin-top:10px}.problem{margin:10px 0 0;font-size:.9063rem;color:var(--bad)}.problem:empty{display:none}.after{margin-top:24px}.after form{margin-top:14px}
.who a{color:var(--accent);font-weight:550;text-underline-offset:3px}
.actions{display:grid;grid-template-columns:1fr 1.6fr;gap:12px;margin-top:24px}
.notice{border:1px solid var(--line);background:var(--tint);border-radius:12px;padding:12px 14px;font-size:.9063rem;margin-bottom:18px;overflow-wrap:anywhere}
.notice p:last-child{margin:0}
.warn{background:var(--warn-tint);border-color:var(--warn-line);color:var(--warn)}
.bad{background:var(--bad-tint);border-color:var(--bad-line);color:var(--bad)}
.facts{margin:0 0 18px;border:1px solid var(--line);border-radius:14px;font-size:.9063rem}
.facts div{display:flex;justify-content:space-between;gap:16px;padding:8px 14px}.facts div+div{border-top:1px solid var(--line)}
.facts dt{color:var(--soft);flex:none}.facts small{display:block;font-weight:400;color:var(--soft);font-size:.8125rem}.facts dd{margin:0;text-align:right;font-weight:550;overflow-wrap:anywhere}
.group{margin:0 0 14px}.group h2{margin-bottom:4px}
main>:last-child{margin-bottom:0}
ul.scopes{list-style:none;margin:0;padding:0}
ul.scopes li{position:relative;padding:3px 0 3px 28px;font-size:.9375rem;break-inside:avoid}
ul.columns{columns:2;column-gap:20px}
ul.scopes li::before{content:"";position:absolute;left:3px;top:.62em;width:11px;height:5.5px;border:solid var(--good);border-width:0 0 2.5px 2.5px;transform:rotate(-45deg)}
ul.never li{color:var(--soft)}
ul.scopes.never li::before{border:0;width:14px;height:2.5px;left:4px;top:.9em;transform:none;background:var(--bad)}
fieldset{border:0;margin:0 0 20px;padding:0;min-width:0}legend{padding:0;font-size:.8125rem;font-weight:600;color:var(--soft);margin-bottom:8px}
.box{max-height:23rem;overflow-y:auto;border:1px solid var(--line);border-radius:12px;padding:6px}.box .choice{margin:0;padding:6px 10px;border-color:transparent}
.choice{display:flex;align-items:center;gap:12px;border:1px solid var(--line);border-radius:12px;padding:10px 14px;margin:0 0 8px;font-weight:500;font-size:1rem;cursor:pointer}
.choice:has(:checked){border-color:var(--accent);background:var(--tint)}.choice:has(:disabled){opacity:.6;cursor:default}
.choice input{width:18px;height:18px;accent-color:var(--accent);flex:none;margin:0}
.choice small{display:block;color:var(--soft);font-weight:400;font-size:.8125rem}
details{border-top:1px solid var(--line);padding-top:14px;margin-top:4px;font-size:.9375rem}summary{cursor:pointer;font-weight:550;color:var(--soft)}details[open] summary{margin-bottom:8px}
.who{font-size:.875rem;color:var(--soft);margin:20px 0 0;text-align:center;overflow-wrap:anywhere}
code{font:.875em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--tint);border-radius:6px;padding:2px 6px}
.who form,.inline{display:inline}
@media(max-width:420px){ul.columns{columns:1}main{padding:24px 20px;border-radius:16px}.actions{grid-template-columns:1fr}.actions .primary{order:-1}}
`.trim()
