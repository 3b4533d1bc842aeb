/** What the connect page adds to the style of the sign-in pages, and its one small script. */
export const connectStyle = `
body{place-items:start center}
main.wide{max-width:720px;padding:40px;margin:4vh 0}
.wide h1{font-size:1.75rem;letter-spacing:-.022em;margin-bottom:10px}
.wide .name{color:var(--accent)}
.wide .lead{font-size:1.0313rem;max-width:36em}
.address{margin-bottom:20px}
.hint{font-size:.875rem;color:var(--soft);margin:8px 0 0}
.snippet{position:relative;margin:8px 0 4px}
.snippet pre{margin:0;padding:13px 16px;background:var(--field);border:1px solid var(--field-line);border-radius:12px;font:.875rem/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all;-webkit-user-select:all;cursor:text}
.snippet pre:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.snippet.can pre{padding-right:84px}
.snippet button{position:absolute;top:7px;right:7px;width:auto;padding:5px 12px;border-radius:8px;font-size:.8125rem;background:var(--tint);color:var(--accent);border-color:var(--line)}
.snippet button:hover{border-color:var(--accent)}
.clients{border:1px solid var(--line);border-radius:16px;overflow:hidden;margin-top:24px}
.clients details{border:0;margin:0;padding:0;font-size:1rem}
.clients details+details{border-top:1px solid var(--line)}
.clients summary{display:flex;align-items:baseline;gap:10px;padding:15px 18px;color:var(--text);font-weight:600;list-style:none}
.clients summary::-webkit-details-marker{display:none}
.clients summary::after{content:"";margin-left:auto;width:7px;height:7px;border:solid var(--soft);border-width:0 2px 2px 0;transform:rotate(45deg) translate(-3px,-3px);flex:none}
.clients details[open] summary::after{transform:rotate(225deg) translate(-1px,-1px)}
.clients details[open] summary{margin:0;background:var(--tint)}
.clients summary:hover{background:var(--tint)}
.clients summary:focus-visible{outline-offset:-3px;border-radius:16px}
.clients summary span{flex:none}
.clients small{color:var(--soft);font-weight:400;font-size:.875rem}
.steps{padding:14px 18px 18px;font-size:.9688rem}
.steps ol{margin:0;padding-left:22px}.steps li{margin-bottom:10px}.steps li::marker{color:var(--soft);font-weight:600}
.steps li:last-child,.steps p:last-child{margin-bottom:0}
.steps .snippet+p{margin-top:12px}
.steps a:not(.button),footer a{color:var(--accent);text-underline-offset:3px}
.button{display:inline-block;background:var(--accent);color:var(--on-accent);font-weight:600;text-decoration:none;border-radius:11px;padding:10px 18px}
.button:hover{background:var(--accent-hover)}
kbd{font:.875em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;border:1px solid var(--field-line);border-bottom-width:2px;border-radius:6px;padding:1px 6px}
footer{margin-top:24px;font-size:.875rem;color:var(--soft);text-align:center}
@media(max-width:560px){main.wide{padding:26px 20px;margin:0}.wide h1{font-size:1.4375rem}.snippet.can pre{padding-right:16px;padding-bottom:48px}.snippet button{top:auto;bottom:7px}.clients summary{padding:14px 16px}.steps{padding:12px 16px 16px}}
`.trim()

/** Adds a copy button to each snippet. Without it the page loses nothing but the button. */
export const connectScript = `
if(navigator.clipboard)for(const box of document.querySelectorAll('.snippet')){const b=document.createElement('button');b.type='button';b.textContent='Copy';b.setAttribute('aria-live','polite');
b.onclick=async()=>{await navigator.clipboard.writeText(box.firstElementChild.textContent);b.textContent='Copied';setTimeout(()=>b.textContent='Copy',1600)};box.classList.add('can');box.append(b)}
`.trim()
