/** Running an installation: jobs as people see them, jobs by the clock, and an account that leaves. */
export { hearCancellations } from './cancellations-repository.ts'
export {
  cutErrors,
  cutPipelines,
  errorsInput,
  errorsOutput,
  errorsText,
  createHealth,
  type HealthService,
  pipelinesInput,
  pipelinesOutput,
  pipelinesText,
  statusInput,
  statusOutput,
  statusText,
} from './health/index.ts'
export {
  type DeferredCall,
  type Job,
  type JobPage,
  type JobQuestion,
  type JobResult,
  jobStates,
  type JobsService,
  type JobType,
  jobTypes,
  type Perform,
  type Performed,
  type PutOff,
} from './job.ts'
export {
  cutJobs,
  errorText,
  jobFields,
  jobInput,
  jobOutput,
  jobPollSeconds,
  jobsAnswer,
  jobsInput,
  jobsOutput,
  jobsText,
  jobText,
  progressText,
  readJobAnswer,
} from './job-answers.ts'
export { domainJobs, recorded, recountJob } from './jobs.ts'
export { createJobs, type OperatorJobs, operatorJobs } from './jobs-service.ts'
export { type OffboardedRows, offboard } from './offboard.ts'
export { purgeAudit } from './purge.ts'
export { createPutOff, recoverJobs, reportJob } from './report.ts'
export { asImportJob, runJob } from './run.ts'
