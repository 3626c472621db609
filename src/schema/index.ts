import { builder } from './builder.ts';
import './scalars.ts';
import './nodes.ts';
import './users.ts';
import './api-keys.ts';
import './audit.ts';
import './conversations.ts';
import './messages.ts';
import './replies.ts';
import './memories.ts';
import './episodes.ts';
import './clips.ts';
import './search.ts';
import './jobs.ts';
import './health.ts';

export const schema = builder.toSchema();
