export default function Welcome() {
  return <h1>Docket</h1>
}
