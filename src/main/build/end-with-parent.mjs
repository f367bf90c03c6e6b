// @ts-check
// Loaded ahead of Posthorn by bootstrap.mjs: when that process goes, even by SIGKILL, its channel to us closes, and
// Posthorn stops cleanly instead of staying behind with its servers.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
