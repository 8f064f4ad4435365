/** Of a file as it is brought. */
export const fileBytesMax = 20 * 1024 * 1024;
/** Of a workbook once it is unpacked: 50,000 rows of sixteen columns come to half of it. */
export const unpackedBytesMax = 150 * 1024 * 1024;
/** Below the header. */
export const rowsMax = 50_000;
export const columnsMax = 100;
export const cellCharsMax = 5_000;
