/** Running an installation: jobs by the clock, and an account that leaves. */
export { domainJobs, recountJob } from './jobs.ts'
export { type OffboardedRows, offboard } from './offboard.ts'
export { purgeAudit } from './purge.ts'
