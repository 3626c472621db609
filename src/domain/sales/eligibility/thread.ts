import { serveTasks } from '#adapters/threads/serve-tasks.ts';
import { listHolidays } from './list-holidays.ts';

const tasks = { listHolidays };

export type HolidayTasks = typeof tasks;

serveTasks(tasks);
