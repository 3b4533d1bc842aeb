/** A small host of views, in the browser: the official bridge on one side, a sandboxed frame without an origin on the other. Plain JavaScript, since it is bundled for a page. */
import { AppBridge, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge'

/** What a view did: addresses it wanted opened, heights it took, and requests that a view which only shows must never make. */
window.did = { opened: [], heights: [], asked: [] }
let bridge

/** Shows a view with a result as a chat would; the view before it is torn down. */
window.show = async ({ view, tool, result, context, opens = true }) => {
  if (bridge) await bridge.teardownResource({})
  await bridge?.close()
  const frame = document.createElement('iframe')
  frame.title = view
  frame.setAttribute('sandbox', 'allow-scripts')
  document.body.replaceChildren(frame)
  wear(context)
  const own = new AppBridge(null, { name: 'test-host', version: '1' }, { openLinks: {}, serverTools: {}, serverResources: {} }, { hostContext: { toolInfo: { tool }, ...context } })
  own.oncalltool = async (params) => {
    window.did.asked.push(params)
    return { content: [] }
  }
  own.onmessage = async (params) => {
    window.did.asked.push(params)
    return {}
  }
  own.onopenlink = async ({ url }) => {
    window.did.opened.push(url)
    return opens ? {} : { isError: true }
  }
  own.addEventListener('sizechange', ({ height }) => {
    window.did.heights.push(height)
    frame.style.height = `${height}px`
  })
  const ready = new Promise((done) => own.addEventListener('initialized', done))
  await own.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow))
  bridge = own
  frame.src = `/view/${view}`
  await ready
  await own.sendToolInput({ arguments: {} })
  if (result) await own.sendToolResult(result)
  else await own.sendToolCancelled({ reason: 'the person' })
}

/** The person changes the theme of the chat. */
window.dress = (context) => {
  wear(context)
  bridge.setHostContext(context)
}

/** The chat around the view has the same theme, whatever the computer's is. */
function wear({ theme }) {
  document.documentElement.style.colorScheme = theme
}
