import { defineConfig } from 'vite'

export default defineConfig({
  server: {
    // In development, `npm start` serves these paths.
    proxy: { '/api': 'http://localhost:3000' },
  },
})
