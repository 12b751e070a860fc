import type { Plan } from "./plan.ts"

/**
 * The plan with as few steps as still fail: leaves out halves, quarters, and so on down to single steps (Zeller and
 * Hildebrandt, "Simplifying and isolating failure-inducing input", 2002). Looks at most at `most` plans. Null if the plan
 * does not fail again.
 */
export async function shrink(
  plan: Plan,
  fails: (plan: Plan) => Promise<boolean>,
  most = 150,
): Promise<Plan | null> {
  if (!(await fails(plan))) return null
  let tried = 0
  for (let size = plan.steps.length >> 1; size >= 1; ) {
    let shorter: Plan | undefined
    for (let start = plan.steps.length - size; start > -size && !shorter; start -= size) {
      if (++tried > most) return plan
      const from = Math.max(0, start)
      const steps = [...plan.steps.slice(0, from), ...plan.steps.slice(start + size)]
      const candidate = { ...plan, steps }
      if (await fails(candidate)) shorter = candidate
    }
    if (shorter) plan = shorter
    size = shorter ? Math.min(size, plan.steps.length >> 1 || 1) : size >> 1
    if (plan.steps.length === 0) return plan
  }
  return plan
}
