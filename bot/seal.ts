import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** Closes texts so that only who has `secret` opens them; what was changed meanwhile does not open. */
export function createSeal(secret: string) {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'tagwarden kept clicks', keyBytes));

  return {
    close: (text: string): string => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce);
      const closed = [cipher.update(text, 'utf8'), cipher.final()];
      return Buffer.concat([nonce, ...closed, cipher.getAuthTag()]).toString('base64');
    },
    /** Null where it was closed with another secret, or changed. */
    open: (closed: string): string | null => {
      const bytes = Buffer.from(closed, 'base64');
      if (bytes.length < nonceBytes + tagBytes) return null;
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      try {
        const text = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
}
