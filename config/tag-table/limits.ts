/** Of a file as it is brought. */
export const fileBytesMax = 20 * 1024 * 1024;
/** Of a workbook once it is unpacked; spreadsheets shrink to a tenth or less. */
export const unpackedBytesMax = 300 * 1024 * 1024;
/** Below the header. */
export const rowsMax = 50_000;
export const columnsMax = 100;
export const cellCharsMax = 5_000;
