import { Storage } from "../backup/storage.ts"
import { BUCKET, type Site } from "./site.ts"

/** The bucket by its owner's rights: for looking into it, and for spoiling what is there. */
export const storageOfOwner = ({ storage: { url, owner } }: Site) =>
  new Storage({ endpoint: url, bucket: BUCKET, region: "us-east-1", prefix: "", ...owner })
