/** The look of the dashboard: the palette of the sign-in pages (src/identity/pages/style.ts), so that both are one product. */
import { Alert, Badge, Button, createTheme, type CSSVariablesResolver, type MantineColorsTuple, Menu, Modal, NavLink, Tooltip } from '@mantine/core'

const indigo: MantineColorsTuple = ['#f1f0fd', '#e4e3fb', '#c7c4f6', '#a8a3f3', '#7c74f0', '#635aea', '#5046e0', '#4338ca', '#3730a3', '#2e2a84']

export const theme = createTheme({
  colors: { mercat: indigo },
  primaryColor: 'mercat',
  primaryShade: { light: 7, dark: 4 },
  // On the light violet of the dark scheme only dark letters are readable.
  autoContrast: true,
  luminanceThreshold: 0.2,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '650' },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '7px', md: '10px', lg: '14px', xl: '20px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { fw: 600 } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, radius: 'lg', overlayProps: { backgroundOpacity: 0.45, blur: 2 } },
      styles: { title: { fontWeight: 650, fontSize: '1.0625rem' } },
    }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md', radius: 'md' } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 250, withinPortal: true } }),
    Badge: Badge.extend({ defaultProps: { variant: 'light', radius: 'sm' }, styles: { root: { textTransform: 'none', fontWeight: 600 } } }),
    Alert: Alert.extend({ defaultProps: { radius: 'md' } }),
    NavLink: NavLink.extend({ defaultProps: { variant: 'light' } }),
  },
})

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fbfbfd',
    '--mantine-color-text': '#17171f',
    '--mantine-color-dimmed': '#5d5d6c',
    '--mantine-color-default-border': '#d5d5df',
    '--mercat-ground': '#f4f4f7',
    '--mercat-card': '#ffffff',
    '--mercat-line': '#e3e3ea',
    '--mercat-line-strong': '#d0d0db',
    '--mercat-field': '#f8f8fb',
    '--mercat-accent': '#4338ca',
    '--mercat-on-accent': '#ffffff',
    '--mercat-tint': '#f1f0fd',
    '--mercat-good': '#0d7a4f',
    '--mercat-good-tint': '#edf9f3',
    '--mercat-good-line': '#bfe6d3',
    '--mercat-warn': '#8a4b00',
  },
  dark: {
    '--mantine-color-body': '#101016',
    '--mantine-color-text': '#f1f1f6',
    '--mantine-color-dimmed': '#a2a2b3',
    '--mantine-color-default-border': '#3f3f4f',
    '--mercat-ground': '#14141b',
    '--mercat-card': '#191921',
    '--mercat-line': '#2c2c38',
    '--mercat-line-strong': '#3f3f4f',
    '--mercat-field': '#121218',
    '--mercat-accent': '#a8a3f3',
    '--mercat-on-accent': '#0e0d1d',
    '--mercat-tint': '#232139',
    '--mercat-good': '#5fd3a3',
    '--mercat-good-tint': '#12241c',
    '--mercat-good-line': '#245340',
    '--mercat-warn': '#f3c06b',
  },
})
