export default function TrashPage() {
  return <h1>Trash</h1>
}
