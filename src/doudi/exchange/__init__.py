"""信息共享: what other departments may ask of us, and who asked what for which purpose."""
