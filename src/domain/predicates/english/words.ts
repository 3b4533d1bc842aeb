/** Words that have a task in the grammar. */

/** Words of the grammar: no value unless quoted. */
export const reserved = new Set(
  `and or but nor not never no none neither either except excluding who whose whom that which with without in on at by of to from for the a an any all is are was were be been have has had having did do does
can will more less fewer over under above below least most between since before after until within during one several it they them customers people users where when if last`.split(
    /\s+/,
  ),
)
