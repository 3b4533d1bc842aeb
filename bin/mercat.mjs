#!/usr/bin/env node
/** `mercat` for the shell, from Node 20: everything else is in scripts/launch.mjs. */
import { launch } from '../scripts/launch.mjs'

await launch(process.argv.slice(2))
