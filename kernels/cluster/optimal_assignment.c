// SPDX-License-Identifier: Apache-2.0
/*
 * Duality: potentials u_i, v_j with u_i + v_j <= cost_ij, and equality wherever i is assigned to j,
 * prove an assignment to be the best. Agents (of the fewer kind) are added one by one. A new one
 * grows a tree of shortest paths in the reduced costs cost_ij - u_i - v_j, alternating between
 * edges that are free and edges of the assignment, until it reaches a task that has no agent; then
 * the edges of that path change places.
 */
#include "cluster/optimal_assignment.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Agents are the fewer of rows and columns, tasks the others. */
struct search {
    const struct emp_costs *costs;
    bool turned; /* agents are the columns */
    uint32_t agents, tasks;
    double *agent_potential; /* agents */
    double *task_potential;  /* tasks */
    double *distance;        /* tasks: of the shortest path found so far */
    uint32_t *agent_of;      /* tasks: its agent, or EMP_UNASSIGNED */
    uint32_t *previous;      /* tasks: the task before it on that path, or EMP_UNASSIGNED */
    uint32_t *reached;       /* tasks: 1 once its shortest path is known */
};

size_t emp__optimal_assignment_work(const struct emp_costs *costs)
{
    size_t fewer = costs->rows < costs->columns ? costs->rows : costs->columns;
    size_t more = costs->rows < costs->columns ? costs->columns : costs->rows;
    return (fewer + 2 * more) * sizeof(double) + 3 * more * sizeof(uint32_t);
}

static struct search begin_search(const struct emp_costs *costs, void *work)
{
    struct search s = {.costs = costs, .turned = costs->rows > costs->columns};
    s.agents = s.turned ? costs->columns : costs->rows;
    s.tasks = s.turned ? costs->rows : costs->columns;
    s.agent_potential = work;
    s.task_potential = s.agent_potential + s.agents;
    s.distance = s.task_potential + s.tasks;
    s.agent_of = (void *)(s.distance + s.tasks);
    s.previous = s.agent_of + s.tasks;
    s.reached = s.previous + s.tasks;
    memset(work, 0, ((size_t)s.agents + s.tasks) * sizeof(double));
    for (uint32_t j = 0; j < s.tasks; j++)
        s.agent_of[j] = EMP_UNASSIGNED;
    return s;
}

static double reduced_cost(const struct search *s, uint32_t agent, uint32_t task)
{
    size_t place = s->turned ? (size_t)task * s->costs->columns + agent
                             : (size_t)agent * s->costs->columns + task;
    return s->costs->values[place] - s->agent_potential[agent] - s->task_potential[task];
}

/* Extends the paths by the edges of an agent that is `so_far` away, reached through task `from`;
 * returns the nearest of the tasks that are not reached. */
static uint32_t extend_paths(struct search *s, uint32_t agent, uint32_t from, double so_far)
{
    uint32_t nearest = EMP_UNASSIGNED;
    for (uint32_t j = 0; j < s->tasks; j++) {
        if (s->reached[j])
            continue;
        double distance = so_far + reduced_cost(s, agent, j);
        if (distance < s->distance[j]) {
            s->distance[j] = distance;
            s->previous[j] = from;
        }
        if (nearest == EMP_UNASSIGNED || s->distance[j] < s->distance[nearest])
            nearest = j;
    }
    return nearest;
}

/* Keeps every reduced cost at 0 or more, and those of the path to be used at 0. */
static void move_potentials(struct search *s, uint32_t newcomer, double length)
{
    s->agent_potential[newcomer] += length;
    for (uint32_t j = 0; j < s->tasks; j++) {
        if (!s->reached[j] || s->agent_of[j] == EMP_UNASSIGNED)
            continue;
        s->agent_potential[s->agent_of[j]] += length - s->distance[j];
        s->task_potential[j] -= length - s->distance[j];
    }
}

/* Each task of the path, from the free one back, takes the agent of the one before it. */
static void change_path(struct search *s, uint32_t newcomer, uint32_t task)
{
    while (s->previous[task] != EMP_UNASSIGNED) {
        s->agent_of[task] = s->agent_of[s->previous[task]];
        task = s->previous[task];
    }
    s->agent_of[task] = newcomer;
}

static void add_agent(struct search *s, uint32_t newcomer)
{
    uint32_t agent = newcomer, task = EMP_UNASSIGNED;
    double length = 0.0;
    for (uint32_t j = 0; j < s->tasks; j++) {
        s->distance[j] = INFINITY;
        s->reached[j] = 0;
    }
    do {
        task = extend_paths(s, agent, task, length);
        length = s->distance[task];
        s->reached[task] = 1;
        agent = s->agent_of[task];
    } while (agent != EMP_UNASSIGNED);
    move_potentials(s, newcomer, length);
    change_path(s, newcomer, task);
}

void emp__optimal_assignment(const struct emp_costs *costs, void *work, uint32_t *assigned)
{
    struct search s = begin_search(costs, work);
    for (uint32_t agent = 0; agent < s.agents; agent++)
        add_agent(&s, agent);
    for (uint32_t i = 0; i < costs->rows; i++)
        assigned[i] = EMP_UNASSIGNED;
    for (uint32_t j = 0; j < s.tasks; j++) {
        if (s.turned)
            assigned[j] = s.agent_of[j];
        else if (s.agent_of[j] != EMP_UNASSIGNED)
            assigned[s.agent_of[j]] = j;
    }
}
