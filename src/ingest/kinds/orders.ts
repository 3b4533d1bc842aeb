/** Orders, whole: one row an order. Orders that come one line at a time are added up first (sql/grouped.ts). */
import { customerHash, defineKind, messageHash, milliseconds, orderHash, orderVersion, toldOfOrder } from './define.ts'

const content = `concat(f_customer_id, '\\0', toString(${milliseconds('v_placed_at')}), '\\0', toDecimalString(v_amount, 6), '\\0', v_currency, '\\0', v_country, '\\0', f_campaign_id, '\\0', f_message_id)`
const updated = "if(f_updated_at = '', v_placed_at, v_updated_at)"
const rank = "indexOf(['placed', 'paid', 'delivered', 'cancelled', 'refunded'], v_status)"

export default defineKind({
  kind: 'orders',
  summary: 'orders, one row each',
  fields: {
    order_id: { type: 'id', required: true, description: 'Id of the order; only its keyed hash is kept.' },
    customer_id: { type: 'id', description: 'The same id as in message events, or attribution by touch is impossible. May be absent.' },
    placed_at: { type: 'instant', required: true, description: 'When it was placed.' },
    updated_at: { type: 'instant', description: 'When this state of it was written; the latest copy of an order wins. Default: placed_at.' },
    status: { type: 'order_status', required: true, description: 'placed, paid, delivered, cancelled or refunded.' },
    amount: { type: 'decimal', required: true, description: 'Decimal, at most 6 places.' },
    currency: { type: 'currency', required: true, description: 'ISO 4217.' },
    country: { type: 'country', description: 'ISO 3166-1 alpha-2.' },
    campaign_id: { type: 'key', description: 'Where the attribution is known: the campaign.' },
    message_id: { type: 'id', description: 'Where the attribution is known: the message.' },
    product: { type: 'text', description: 'The platform’s key of the product, or of the configuration of it, that was ordered.' },
    opt_ins: { type: 'choices', description: 'The opt-ins that were asked: a JSON object of names and true (given) or false (declined). What was not asked is left out.' },
  },
  checks: [],
  columns: {
    order_key: orderHash('f_order_id'),
    customer: `if(f_customer_id = '', NULL, ${customerHash('f_customer_id')})`,
    placed_at: 'v_placed_at',
    updated_at: updated,
    status: 'v_status',
    amount: 'v_amount',
    currency: 'v_currency',
    country: 'v_country',
    campaign: 'f_campaign_id',
    message: `if(f_message_id = '', NULL, ${messageHash('f_message_id')})`,
    product: 'f_product',
    opt_ins: 'v_opt_ins',
    version: orderVersion({ updated, rank, content, told: toldOfOrder('f_product', 'v_opt_ins') }),
  },
})
