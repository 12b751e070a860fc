export default function DataSettings() {
  return <h1>Data</h1>
}
