/** Health as the rest of operations gives it on. */
export { cutErrors, cutPipelines, errorsInput, errorsOutput, pipelinesInput, pipelinesOutput, statusInput, statusOutput } from './answer.ts'
export { createHealth, type HealthService } from './service.ts'
export { errorsText, pipelinesText, statusText } from './text.ts'
