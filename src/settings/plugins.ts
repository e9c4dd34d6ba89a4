import type { PluginName } from './settings.ts'

/** The name of each plugin in sentences. A missing plugin is a type error here. */
export const PLUGIN_NAMES: Readonly<Record<PluginName, string>> = {
  organization: 'organizations',
  magic_link: 'magic links',
  phone_number: 'phone numbers',
}

/** All plugins, in the order in which they are written. */
export const PLUGINS = Object.keys(PLUGIN_NAMES) as PluginName[]
