/** The part of jstat that Mercat uses; the package carries no types. */
declare module 'jstat' {
  const jstat: {
    readonly jStat: {
      readonly normal: { cdf: (x: number, mean: number, deviation: number) => number; inv: (p: number, mean: number, deviation: number) => number }
      readonly studentt: { cdf: (x: number, degrees: number) => number; inv: (p: number, degrees: number) => number }
    }
  }
  export default jstat
}
