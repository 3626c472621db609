/** The message for operators if ffmpeg is missing. */
export const FFMPEG_MISSING =
  'ffmpeg is not installed on this server, so recordings can be neither checked nor cut. Its operator installs it with `apt-get install ffmpeg` (macOS: `brew install ffmpeg`), or names it with FFMPEG_PATH and FFPROBE_PATH.';
