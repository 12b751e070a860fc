export default function ForgotPassword() {
  return <h1>Forgot</h1>
}
