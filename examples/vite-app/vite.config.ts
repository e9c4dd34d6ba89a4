import { defineConfig } from 'vite'

export default defineConfig({
  server: {
    // `npm start` answers these in development too.
    proxy: { '/api': 'http://localhost:3000' },
  },
})
