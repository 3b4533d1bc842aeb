/** Lines of orders: what was bought. */
import { defineKind, orderHash } from './define.ts'

export default defineKind({
  kind: 'order_items',
  summary: 'lines of orders',
  fields: {
    order_id: { type: 'id', required: true, description: 'The order the line belongs to.' },
    item_id: { type: 'id', required: true, description: 'What tells the line from others of its order: its number will do.' },
    product: { type: 'text', required: true, description: 'The platform’s id of the product.' },
    quantity: { type: 'decimal', required: true, description: 'Decimal; negative for returns.' },
    unit_price: { type: 'decimal', required: true, description: 'Decimal, at most 6 places.' },
    amount: { type: 'decimal', required: true, description: 'What the line cost in all.' },
  },
  checks: [],
  columns: {
    order_key: orderHash('f_order_id'),
    item_key: "sipHash64(concat('i\\0', f_item_id))",
    product: 'f_product',
    quantity: 'v_quantity',
    unit_price: 'v_unit_price',
    amount: 'v_amount',
  },
})
