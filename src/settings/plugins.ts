import type { PluginName } from './settings.ts'

/** What each plugin is called in messages: "the plugin for …". A missing plugin is a type error here. */
export const PLUGIN_LABELS: Readonly<Record<PluginName, string>> = {
  organization: 'organizations',
  magic_link: 'magic links',
  phone_number: 'phone numbers',
}

/** All plugins, in the order in which a run updates them. */
export const PLUGINS = Object.keys(PLUGIN_LABELS) as PluginName[]
