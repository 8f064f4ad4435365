const paths = {
  overview: 'M4 20V4M4 20h16M8 17v-5M12 17V8M16 17v-7',
  inbox: 'M3 13h5l1.5 2.5h5L16 13h5M5.5 5h13L21 13v6H3v-6z',
  warnings: 'M12 4 2.8 20h18.4zM12 10v4.5M12 17.4v.2',
  requests: 'M4 5h16v11H9l-5 4zM8 9h8M8 12.2h5',
  tags: 'M4 4h8l8.5 8.5-8 8L4 12zM8.5 8.5v.2',
  candidates: 'M4 6h9M4 12h7M4 18h5M13.500 15.500l2.500 2.500 5-6',
  rules: 'M12 4v16M7 20h10M4.500 7h15M4.500 7 2 13h5zM19.500 7 17 13h5z',
  check: 'M12 3 4 6v6c0 4.5 3.4 8 8 9 4.6-1 8-4.5 8-9V6zM8.5 12l2.5 2.5 4.5-4.8',
  scans: 'M20 12a8 8 0 1 1-2.4-5.7M20 3.5V8h-4.5',
  silences: 'M6 16V11a6 6 0 0 1 9.500-4.900M18 11v5l1.500 2H8M10 20.500h4M4 4l16 16',
  policy: 'M5 4h11l3 3v13H5zM8.500 9h7M8.500 12.500h7M8.500 16h4',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-3.4 3-5.5 6.500-5.500s6.100 2.100 6.500 5.500M16 5a3.300 3.300 0 0 1 0 6.200M18 15c2 .6 3.200 2.400 3.500 5',
  assessment:
    'M5 4h14v16H5zM8.500 9l1.500 1.500L12.500 8M8.500 15l1.500 1.500 2.500-2.500M14.500 9.500h2M14.500 15.500h2',
  deliveries: 'M3.500 11.500 20.500 4l-5.500 16-3.500-6.500zM11.500 13.500l9-9.500',
  audit: 'M6 3h9l4 4v14H6zM9.500 11h6M9.500 14.500h6M9.500 18h3.500',
  menu: 'M4 7h16M4 12h16M4 17h16',
  more: 'M5 12h.1M12 12h.1M19 12h.1',
  back: 'M14.500 5.500 8 12l6.500 6.500',
  search: 'M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500 20.500 20.500',
  done: 'M5 12.500l4.500 4.500L19.500 7',
} as const;

export type IconName = keyof typeof paths;

/** Drawn, not worded: the text beside it says the same. */
export function Icon(props: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[props.name]} />
    </svg>
  );
}
