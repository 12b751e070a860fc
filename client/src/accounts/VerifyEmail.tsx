export default function VerifyEmail() {
  return <h1>Verify</h1>
}
